from allauth.account.adapter import DefaultAccountAdapter


class PhoneAdapter(DefaultAccountAdapter):
    pass
