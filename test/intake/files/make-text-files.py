"""Writes text-files.json: small text files, and the rows that Python's csv module reads from them. Run by hand, not by the tests."""
import base64
import csv
import io
import json
import pathlib

TABLES = {
    'plain': [['id', 'name', 'city'], ['1', 'Ann', 'Rome'], ['2', 'Bob', 'Paris']],
    'quotes': [['id', 'text', 'note'], ['1', 'say "hi"', 'x'], ['2', '"', 'y'], ['3', '""', 'a""b']],
    'delimiters': [['id', 'text', 'note'], ['1', 'a,b', 'c;d'], ['2', 'e|f', 'g\th'], ['3', ',;|', ',']],
    'line ends': [['id', 'text', 'note'], ['1', 'two\nlines', 'x'], ['2', 'three\n\nlines', 'y']],
    'spaces': [['id', 'text', 'note'], ['1', '  lead', 'trail  '], ['2', ' both ', 'in side']],
    'letters': [['id', 'näme', 'città'], ['1', 'Zoë', 'Köln'], ['2', 'José', 'Málaga'], ['3', 'Hélène', 'Orléans']],
    'numbers': [['id', 'price', 'code'], ['1', '1,50', '0012'], ['2', '1.234,00', '1e5'], ['3', '-0', '+49 30']],
    'words': [['id', 'text', 'note'], ['1', 'NULL', '\\N'], ['2', 'NaN', 'true'], ['3', '=1+1', '@x'], ['4', "it's", '\\']],
    'missing': [['id', 'a', 'b'], ['1', '', 'x'], ['2', 'y', ''], ['3', '', '']],
}
FORMS = [
    # name, delimiter, line end, encoding, all quoted, last line end
    ('comma', ',', '\n', 'utf-8', False, True),
    ('semicolon, CR LF', ';', '\r\n', 'utf-8', False, True),
    ('tab, CR', '\t', '\r', 'utf-8', False, True),
    ('pipe, no last line end', '|', '\n', 'utf-8', False, False),
    ('comma, quoted, mark', ',', '\r\n', 'utf-8-sig', True, True),
    ('semicolon, UTF-16', ';', '\r\n', 'utf-16', True, False),
    ('tab, UTF-16 big', '\t', '\n', 'utf-16-be', False, True),
    ('semicolon, windows-1252', ';', '\r\n', 'cp1252', False, True),
]
HAND = [
    ('text behind a quoted cell', b'a,b\n"x"y,1\n'),
    ('a quote inside an unquoted cell', b'a,b\n5" pipe,1\nsay "x",2\n'),
    ('a doubled quote at the end', b'a,b\n"x""",1\n'),
    ('a row of one blank line between', b'a,b\n1,2\n\n3,4\n'),
    ('a line end in the header', b'"a\nb",c\n1,2\n'),
    ('one column', b'a\n1\n2\n'),
    ('a header alone', b'a,b\n'),
    ('a trailing blank line', b'a,b\n1,2\n\n\n'),
    ('quotes around numbers', b'"a","b"\n"1","2"\n'),
    ('mixed line ends', b'a,b\r\n1,2\n3,4\r\n'),
]


def rows_of(text, delimiter):
    return [row for row in csv.reader(io.StringIO(text, newline=''), delimiter=delimiter) if any(cell.strip() for cell in row)]


files = []
for table, rows in TABLES.items():
    for form, delimiter, end, encoding, quoted, last in FORMS:
        out = io.StringIO(newline='')
        quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
        text = out.getvalue() if last else out.getvalue()[: -len(end)]
        content = text.encode(encoding)
        read = rows_of(content.decode(encoding), delimiter)
        files.append({'name': f'{table}: {form}', 'bytes': base64.b64encode(content).decode(), 'rows': read})
for name, content in HAND:
    files.append({'name': name, 'bytes': base64.b64encode(content).decode(), 'rows': rows_of(content.decode(), ',')})
lines = ',\n'.join('\t' + json.dumps(file, ensure_ascii=False) for file in files)
pathlib.Path(__file__).with_name('text-files.json').write_text(f'[\n{lines}\n]\n')
print(len(files))
