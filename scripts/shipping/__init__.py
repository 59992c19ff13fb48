"""What is done with a built folder before it is handed out: notices, bill of materials, packages."""
