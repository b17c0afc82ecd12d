from wagtail import hooks

from .viewsets import QuizzesGroup


@hooks.register("register_admin_viewset")
def quizzes() -> QuizzesGroup:
    return QuizzesGroup()
