"""Select a part and press Ctrl+K Ctrl+G: which tokens make the model expect the next one?"""


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def first_numbers(count):
    numbers = []
    for i in range(count):
        numbers.append(fibonacci(i))
    return numbers


print(first_numbers(10
