# Which tokens make the model expect the rest of the name? Select the function, or everything (Ctrl+A), and press
# Ctrl+K Ctrl+G (on a Mac Cmd+K Cmd+G). At the end, "Whytoken: Generate" continues it.


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fib