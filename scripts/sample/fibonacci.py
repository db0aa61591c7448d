"""Select the text from "def first" to the end and press Ctrl+K Ctrl+G: what made the model expect what comes next?"""


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def first_numbers(count):
    numbers = []
    for i in range(count):
        numbers.append(fibonacci(i))
    return numbers


print(first_
