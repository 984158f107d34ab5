# misconception: first-block-has-a-parent
def build(words):
    return [{"word": word, "previous": ""} for word in words]
