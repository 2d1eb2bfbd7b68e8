import Experiments
import Testing

/// What is said of a query that is wrong, and where it points.
extension QueryTests {
  /// What is said; the expression is its second line.
  private static let mistakes = [
    """
    where, column 1: there is no column 'optimzer'; did you mean 'optimizer'?
      optimzer = adam
      ^~~~~~~~
    """,
    """
    where, column 14: there is no column 'validation.acuracy'; did you mean 'validation.accuracy'?
      seed = 1 and validation.acuracy > 1
                   ^~~~~~~~~~~~~~~~~~
    """,
    """
    where, column 1: there is no column 'qqqqqqqqq'; there are id, name, note, status, reason, seed, created, finished, \
    epochs, steps, duration, memory, threads, host, backend, revision, origin, group, member, tag, model, model.units, optimizer, \
    optimizer.nesterov, optimizer.rate, validation.accuracy, validation.loss
      qqqqqqqqq = 1
      ^~~~~~~~~
    """,
    """
    where, column 1: expected a column, found the end
      
      ^
    """,
    """
    where, column 5: expected one of = != < <= > >= ~ in like is, found the end
      name
          ^
    """,
    """
    where, column 7: expected a value, found the end
      name =
            ^
    """,
    """
    where, column 10: expected 'and', 'or' or the end, found 'b'
      name = a b
               ^
    """,
    """
    where, column 1: this ( is never closed: expected )
      (name = a
      ^
    """,
    """
    where, column 9: expected 'and', 'or' or the end, found ')'
      name = a)
              ^
    """,
    """
    where, column 8: this quotation is never closed
      name = 'a
             ^~
    """,
    """
    where, column 6: expected '!=' or 'not', found '!'
      name ! a
           ^
    """,
    """
    where, column 10: 'epochs' is a number, and 'many' is not
      epochs = many
               ^~~~
    """,
    """
    where, column 11: 'created' is a date, as 2026-01-31 or 2026-01-31T18:00, and 'yesterday' is not
      created > yesterday
                ^~~~~~~~~
    """,
    """
    where, column 18: 'optimizer.rate' is a number, and 'fast' is not
      optimizer.rate > fast
                       ^~~~
    """,
    """
    where, column 1: 'optimizer' has no order, so it cannot be compared by <; use = != ~ or in
      optimizer < b
      ^~~~~~~~~
    """,
    """
    where, column 1: 'seed' is no text that could match a pattern; use = != < <= > >= or in
      seed ~ 1
      ^~~~
    """,
    """
    where, column 1: there is no function 'mean'; there are last, best, min, max, count
      mean(validation.loss) > 1
      ^~~~
    """,
    """
    where, column 6: best() is of a metric, and 'optimizer' is not one
      best(optimizer) > 1
           ^~~~~~~~~
    """,
    """
    where, column 6: there is no column 'validation.los'; did you mean 'validation.loss'?
      best(validation.los) > 1
           ^~~~~~~~~~~~~~
    """,
    """
    where, column 10: there is no status 'complted'; did you mean 'completed'?
      status = complted
               ^~~~~~~~
    """,
    """
    where, column 20: there is no status 'done'; there are running, completed, interrupted, failed, stopped
      status in (failed, done)
                         ^~~~
    """,
    """
    where, column 1: 'status' has no order, so it cannot be compared by >; use = != ~ or in
      status > failed
      ^~~~~~
    """,
    """
    where, column 1: 'created' is no text that could match a pattern; use = != < <= > >= or in
      created ~ 2025
      ^~~~~~~
    """,
    """
    where, column 11: in a pattern * stands for any text and ? for any character; for a percent sign itself use ~
      name like 'a%'
                ^~~~
    """,
    """
    where, column 9: expected 'missing' or 'not missing', found 'null'
      name is null
              ^~~~
    """,
    """
    where, column 10: expected 'in' or 'like', found '='
      name not = a
               ^
    """,
    """
    where, column 9: expected '(' and values, such as (adam, sgd), found 'a'
      name in a
              ^
    """,
    """
    where, column 10: expected a value, found ')'
      name in ()
               ^
    """,
    """
    where, column 12: expected ',' or ')', found 'b'
      name in (a b)
                 ^
    """,
    """
    where, column 9: this ( is never closed: expected )
      name in (a, b
              ^
    """,
    """
    where, column 5: expected 'tag', found 'good'
      has good
          ^~~~
    """,
  ]

  @Test func mistakesArePointedAt() throws {
    let (_, store) = try filled()
    for text in Self.mistakes {
      let expression = String(text.split(separator: "\n")[1].dropFirst(2))
      #expect(storeError(expression) { _ = try store.runs(RunQuery(where: expression)) }?.description == text)
    }
    #expect(
      storeError { _ = try store.runs(RunQuery(sort: ["-validation.los"])) }?.description
        == "sort, column 2: there is no column 'validation.los'; did you mean 'validation.loss'?\n"
        + "  -validation.los\n   ^~~~~~~~~~~~~~")
    #expect(
      storeError { _ = try store.runs(RunQuery(sort: ["tag"])) }?.description
        == "sort, column 1: 'tag' cannot be sorted by: a run may have several\n  tag\n  ^~~")
    #expect(
      storeError { _ = try store.list(RunQuery(columns: ["names"])) }?.description
        == "columns, column 1: there is no column 'names'; did you mean 'name'?\n  names\n  ^~~~~")
  }
}
