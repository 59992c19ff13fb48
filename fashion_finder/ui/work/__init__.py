"""Where the window meets what is slow: tasks, the sync queue, the status, thumbnails."""
