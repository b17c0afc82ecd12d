from .records import QuizzesGroup

__all__ = ["QuizzesGroup"]
