"""What every room of the window is built from: theme, icons, labels, messages."""
