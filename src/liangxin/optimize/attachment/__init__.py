"""Attachment: organisations without members to the nearest branch, instructor or liaison with room."""
