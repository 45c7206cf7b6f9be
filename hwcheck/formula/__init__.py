"""The formula language: text to trees and back. One parser reads sheets and students, and nothing else does."""
