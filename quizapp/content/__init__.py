"""Reads and checks what authors write in questions/."""
