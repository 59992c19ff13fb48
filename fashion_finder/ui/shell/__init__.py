"""The window itself: menus, preferences, help, and how the program is started and ended."""
