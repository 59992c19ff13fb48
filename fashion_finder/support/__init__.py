"""What helps to find a fault: diagnostics without private names, and what is shipped with us."""
