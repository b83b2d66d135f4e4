"""What is printed for the room, as PDF: programme, name plates, badges, attendance sheet.

Pure: words in, bytes out. The letters are embedded (Bitstream Vera, which comes with reportlab), so that every printer
sets the same page.
"""
