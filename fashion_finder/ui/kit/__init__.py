"""What every part of the window is built of: theme, icons, labels, messages."""
