"""Common Cartridge 1.x: pages of web content and assessments of QTI 1.2."""
