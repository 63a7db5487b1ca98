"""The evidence: does retrieved material win beyond chance, and does the new generation beat the old one?"""
