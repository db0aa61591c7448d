"""Small well-known Python functions with many names, wordings and bodies, for the synthetic part of the training text."""

from __future__ import annotations

import random

#: name variants, parameter variants, docstrings, bodies; {f} is the function's name and {a}, {b} its parameters.
_TABLE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("fibonacci fib fibonacci", "n n n k", "Return the nth Fibonacci number.|Compute the n-th Fibonacci number.|Calculate the Fibonacci number of {a}.", (
        "if {a} <= 1:\n    return {a}\nreturn {f}({a} - 1) + {f}({a} - 2)", "if {a} < 2:\n    return {a}\nreturn {f}({a} - 1) + {f}({a} - 2)",
        "a, b = 0, 1\nfor _ in range({a}):\n    a, b = b, a + b\nreturn a", "if {a} == 0:\n    return 0\nif {a} == 1:\n    return 1\nreturn {f}({a} - 1) + {f}({a} - 2)",
        "result = [0, 1]\nwhile len(result) <= {a}:\n    result.append(result[-1] + result[-2])\nreturn result[{a}]")),
    ("factorial fact factorial", "n n x", "Return the factorial of {a}.|Compute {a} factorial.|Return {a}!, the product of 1 to {a}.", (
        "if {a} <= 1:\n    return 1\nreturn {a} * {f}({a} - 1)", "if {a} == 0:\n    return 1\nreturn {a} * {f}({a} - 1)", "result = 1\nfor i in range(1, {a} + 1):\n    result *= i\nreturn result",
        "result = 1\nfor i in range(2, {a} + 1):\n    result *= i\nreturn result")),
    ("is_prime isprime is_prime", "n n number", "Return True if {a} is a prime number.|Check whether {a} is prime.", (
        "if {a} < 2:\n    return False\nfor i in range(2, int({a} ** 0.5) + 1):\n    if {a} % i == 0:\n        return False\nreturn True",
        "if {a} <= 1:\n    return False\ni = 2\nwhile i * i <= {a}:\n    if {a} % i == 0:\n        return False\n    i += 1\nreturn True")),
    ("gcd greatest_common_divisor", "a,b x,y m,n", "Return the greatest common divisor of {a} and {b}.", ("while {b}:\n    {a}, {b} = {b}, {a} % {b}\nreturn {a}", "if {b} == 0:\n    return {a}\nreturn {f}({b}, {a} % {b})")),
    ("lcm least_common_multiple", "a,b x,y", "Return the least common multiple of {a} and {b}.", ("return {a} * {b} // gcd({a}, {b})", "return abs({a} * {b}) // gcd({a}, {b})")),
    ("binary_search search bisect", "items,target arr,target values,x", "Return the index of {b} in the sorted list {a}, or -1.|Find {b} in {a} with a binary search.", (
        "low, high = 0, len({a}) - 1\nwhile low <= high:\n    mid = (low + high) // 2\n    if {a}[mid] == {b}:\n        return mid\n    elif {a}[mid] < {b}:\n        low = mid + 1\n    else:\n        high = mid - 1\nreturn -1",
        "left = 0\nright = len({a}) - 1\nwhile left <= right:\n    mid = (left + right) // 2\n    if {a}[mid] == {b}:\n        return mid\n    if {a}[mid] < {b}:\n        left = mid + 1\n    else:\n        right = mid - 1\nreturn -1")),
    ("bubble_sort sort", "items arr numbers", "Sort the list {a} in place and return it.|Return {a} in ascending order.", (
        "n = len({a})\nfor i in range(n):\n    for j in range(n - i - 1):\n        if {a}[j] > {a}[j + 1]:\n            {a}[j], {a}[j + 1] = {a}[j + 1], {a}[j]\nreturn {a}",)),
    ("quicksort quick_sort", "items arr values", "Return a sorted copy of {a}.", (
        "if len({a}) <= 1:\n    return {a}\npivot = {a}[0]\nleft = [x for x in {a}[1:] if x < pivot]\nright = [x for x in {a}[1:] if x >= pivot]\nreturn {f}(left) + [pivot] + {f}(right)",)),
    ("reverse_string reverse", "s text string", "Return {a} reversed.|Reverse the string {a}.", ("return {a}[::-1]", "result = ''\nfor c in {a}:\n    result = c + result\nreturn result", "return ''.join(reversed({a}))")),
    ("is_palindrome palindrome", "s text word", "Return True if {a} is a palindrome.|Check whether {a} reads the same backwards.", ("return {a} == {a}[::-1]", "{a} = {a}.lower()\nreturn {a} == {a}[::-1]")),
    ("is_even even", "n number", "Return True if {a} is even.", ("return {a} % 2 == 0",)),
    ("is_odd odd", "n number", "Return True if {a} is odd.", ("return {a} % 2 == 1", "return {a} % 2 != 0")),
    ("add sum_two plus", "a,b x,y", "Return the sum of {a} and {b}.|Add {a} and {b}.", ("return {a} + {b}", "result = {a} + {b}\nreturn result")),
    ("subtract minus", "a,b x,y", "Return the difference of {a} and {b}.", ("return {a} - {b}",)),
    ("multiply times", "a,b x,y", "Return the product of {a} and {b}.", ("return {a} * {b}",)),
    ("divide div", "a,b x,y", "Divide {a} by {b}.", ("return {a} / {b}", "if {b} == 0:\n    raise ValueError('division by zero')\nreturn {a} / {b}")),
    ("square squared", "x n", "Return the square of {a}.", ("return {a} * {a}", "return {a} ** 2")),
    ("power pow_int", "base,exponent x,n", "Return {a} to the power of {b}.", ("return {a} ** {b}", "result = 1\nfor _ in range({b}):\n    result *= {a}\nreturn result")),
    ("mean average", "numbers values data", "Return the mean of {a}.|Return the average of {a}.", ("return sum({a}) / len({a})", "if not {a}:\n    return 0\nreturn sum({a}) / len({a})")),
    ("maximum find_max", "numbers values items", "Return the largest value in {a}.", ("result = {a}[0]\nfor x in {a}:\n    if x > result:\n        result = x\nreturn result", "return max({a})")),
    ("minimum find_min", "numbers values items", "Return the smallest value in {a}.", ("result = {a}[0]\nfor x in {a}:\n    if x < result:\n        result = x\nreturn result", "return min({a})")),
    ("total sum_list", "numbers values items", "Return the sum of {a}.", ("total = 0\nfor x in {a}:\n    total += x\nreturn total", "return sum({a})")),
    ("count_words word_count", "text s", "Count the words in {a}.", ("return len({a}.split())", "counts = {}\nfor word in {a}.split():\n    counts[word] = counts.get(word, 0) + 1\nreturn counts")),
    ("count_vowels vowels", "text s word", "Count the vowels in {a}.", ("count = 0\nfor c in {a}:\n    if c in 'aeiou':\n        count += 1\nreturn count", "return sum(1 for c in {a} if c in 'aeiou')")),
    ("flatten flatten_list", "items lists", "Flatten a list of lists.", ("return [x for row in {a} for x in row]", "result = []\nfor row in {a}:\n    result.extend(row)\nreturn result")),
    ("unique remove_duplicates", "items values", "Return {a} without duplicates.", ("seen = set()\nresult = []\nfor x in {a}:\n    if x not in seen:\n        seen.add(x)\n        result.append(x)\nreturn result", "return list(set({a}))")),
    ("read_file load_text", "path filename", "Read the file at {a} and return its text.", ("with open({a}) as f:\n    return f.read()", "with open({a}, encoding='utf-8') as f:\n    return f.read()")),
    ("write_file save_text", "path,text filename,data", "Write {b} to the file at {a}.", ("with open({a}, 'w') as f:\n    f.write({b})",)),
    ("load_json read_json", "path filename", "Load JSON from {a}.", ("with open({a}) as f:\n    return json.load(f)",)),
    ("greet hello say_hello", "name", "Say hello to {a}.", ("print('Hello, ' + {a} + '!')", "print(f'Hello, {{{a}}}!')", "return 'Hello, ' + {a}")),
    ("celsius_to_fahrenheit to_fahrenheit", "celsius c", "Convert {a} from Celsius to Fahrenheit.", ("return {a} * 9 / 5 + 32",)),
    ("clamp limit", "x,low,high value,low,high", "Keep {a} between low and high.", ("return max(low, min({a}, high))", "if {a} < low:\n    return low\nif {a} > high:\n    return high\nreturn {a}")),
    ("swap swap_pair", "a,b x,y", "Return {a} and {b} in the other order.", ("return {b}, {a}",)),
    ("is_empty empty", "items values", "Return True if {a} is empty.", ("return len({a}) == 0", "return not {a}")),
    ("fizzbuzz fizz_buzz", "n", "Print the numbers from 1 to {a} with Fizz and Buzz.", ("for i in range(1, {a} + 1):\n    if i % 15 == 0:\n        print('FizzBuzz')\n    elif i % 3 == 0:\n        print('Fizz')\n    elif i % 5 == 0:\n        print('Buzz')\n    else:\n        print(i)",)),
    ("main main", "", "Run the program.", ("print('Hello, world!')", "for i in range(10):\n    print(i)", "parser = argparse.ArgumentParser()\nparser.add_argument('path')\nargs = parser.parse_args()\nprint(args.path)")),
)


def _class(r: random.Random) -> str:
    name, fields = r.choice((("Point", ["x", "y"]), ("Person", ["name", "age"]), ("Node", ["value", "next"]), ("Rectangle", ["width", "height"]), ("Account", ["owner", "balance"]), ("Book", ["title", "author", "year"])))
    lines = [f"class {name}:", f'    """A {name.lower()}."""', "", f"    def __init__(self, {', '.join(fields)}):"]
    lines += [f"        self.{f} = {f}" for f in fields]
    lines += ["", "    def __repr__(self):", f"        return f'{name}(" + ", ".join(f"{{self.{f}}}" for f in fields) + ")'"]
    for f in r.sample(fields, r.randint(0, len(fields))):
        lines += ["", f"    def get_{f}(self):", f"        return self.{f}"]
    return "\n".join(lines)


def python_function(r: random.Random) -> str:
    """One function or class; now and then with a call or a test after it."""
    if r.random() < 0.08:
        return _class(r)
    weights = [4 if i < 3 else 1 for i in range(len(_TABLE))]
    names, params, docs, bodies = r.choices(_TABLE, weights)[0]
    f = r.choice(names.split())
    args = r.choice(params.split()).split(",") if params else []
    a, b = (args + ["", ""])[:2]

    def fill(text: str) -> str:
        return text.replace("{{{a}}}", "{" + a + "}").replace("{f}", f).replace("{a}", a).replace("{b}", b)

    signature = f"def {f}({', '.join(args)}):"
    if args == ["n"] and r.random() < 0.15:
        signature = f"def {f}(n: int) -> {'bool' if f.startswith('is') else 'int'}:"
    lines = [signature]
    if r.random() < 0.5:
        lines.append('    """' + fill(r.choice(docs.split("|"))) + '"""')
    lines += ["    " + line for line in fill(r.choice(bodies)).split("\n")]
    if args in (["n"], ["x"], ["k"]) and r.random() < 0.3:
        n = r.randint(1, 12)
        lines += ["", "", r.choice((f"print({f}({n}))", f"for i in range({n}):\n    print({f}(i))", f"result = {f}({n})\nprint(result)", f"assert {f}({n}) is not None"))]
    elif f == "main":
        lines += ["", "", "if __name__ == '__main__':", "    main()"]
    return "\n".join(lines)
