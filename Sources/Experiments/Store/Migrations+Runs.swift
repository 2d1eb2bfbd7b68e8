extension Migrations {
  static let createRuns = """
    PRAGMA application_id = 0x464C4447;

    CREATE TABLE runs (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      name TEXT,
      status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'interrupted', 'failed', 'stopped')),
      stop_reason TEXT,
      seed INTEGER NOT NULL,
      host TEXT NOT NULL,
      git_revision TEXT,
      threads INTEGER NOT NULL,
      backend TEXT NOT NULL,
      created REAL NOT NULL,
      finished REAL,
      wall_time REAL NOT NULL DEFAULT 0,
      peak_memory INTEGER NOT NULL DEFAULT 0,
      steps INTEGER NOT NULL DEFAULT 0,
      epochs INTEGER NOT NULL DEFAULT 0,
      owner_host TEXT NOT NULL,
      owner_boot TEXT NOT NULL,
      owner_process INTEGER NOT NULL,
      owner_start INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_name ON runs (name, number);
    CREATE INDEX runs_running ON runs (number) WHERE status = 'running';

    -- Beside the runs, so that a listing of thousands does not read it.
    CREATE TABLE run_recipes (
      run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
      recipe TEXT NOT NULL,
      versions TEXT NOT NULL CHECK (json_valid(versions))
    ) STRICT;

    CREATE TABLE run_components (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      path TEXT NOT NULL,
      part TEXT NOT NULL,
      argument TEXT,
      value TEXT,
      number REAL,
      PRIMARY KEY (run, kind, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_components_by_part ON run_components (kind, part, run);
    CREATE INDEX run_components_by_argument ON run_components (kind, argument, run, number, value);

    CREATE TABLE run_tags (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (run, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_tags_by_tag ON run_tags (tag, run);

    -- A value that is NULL was not a number.
    CREATE TABLE metrics (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      name TEXT NOT NULL,
      step INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (run, name, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE metric_summaries (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      name TEXT NOT NULL,
      last REAL,
      minimum REAL,
      maximum REAL,
      count INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX metric_summaries_by_last ON metric_summaries (name, last, run);
    """

  static let addNotes = """
    -- What a user wrote beside the run.
    ALTER TABLE runs ADD COLUMN note TEXT;
    """

  static let addRunChanges = """
    -- What was changed of the recipe when the run was resumed, at which step.
    CREATE TABLE run_changes (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      step INTEGER NOT NULL,
      path TEXT NOT NULL,
      old TEXT NOT NULL,
      new TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;

    -- The id of the run that this one was forked from, and the step of its checkpoint.
    ALTER TABLE runs ADD COLUMN origin TEXT;
    ALTER TABLE runs ADD COLUMN origin_step INTEGER;
    """

  static let addMetricDirections = """
    -- Which way the metric improves, as it was recorded; NULL in rows from before, whose names tell it.
    ALTER TABLE metric_summaries ADD COLUMN direction TEXT CHECK (direction IN ('lower', 'higher', 'neither'));
    """

  static let createMetricTables = """
    -- What metrics say of a split in rows and columns: names and cells, row by row, are JSON lists.
    CREATE TABLE metric_tables (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      split TEXT NOT NULL,
      name TEXT NOT NULL,
      step INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      row_axis TEXT NOT NULL,
      column_axis TEXT NOT NULL,
      row_names TEXT NOT NULL CHECK (json_valid(row_names)),
      column_names TEXT NOT NULL CHECK (json_valid(column_names)),
      cells TEXT NOT NULL CHECK (json_valid(cells)),
      PRIMARY KEY (run, split, name, step)
    ) STRICT, WITHOUT ROWID;
    """
}
