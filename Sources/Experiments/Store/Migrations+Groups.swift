extension Migrations {
  static let createGroups = """
    -- Runs that belong together. The plan is JSON, of a form that the kind decides; the owner is the process at work on it.
    CREATE TABLE run_groups (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('repeats', 'stages', 'folds', 'search', 'experiment')),
      plan TEXT NOT NULL CHECK (json_valid(plan)),
      state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'interrupted', 'failed')),
      reason TEXT,
      created REAL NOT NULL,
      finished REAL,
      owner_host TEXT NOT NULL,
      owner_boot TEXT NOT NULL,
      owner_process INTEGER NOT NULL,
      owner_start INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE group_members (
      group_number INTEGER NOT NULL REFERENCES run_groups (number) ON DELETE CASCADE,
      position INTEGER NOT NULL CHECK (position > 0),
      run INTEGER NOT NULL UNIQUE REFERENCES runs (number) ON DELETE CASCADE,
      PRIMARY KEY (group_number, position)
    ) STRICT, WITHOUT ROWID;

    -- What tells the members of a group apart: a seed, a fold, a stage.
    CREATE TABLE group_member_values (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      number REAL,
      PRIMARY KEY (run, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX group_member_values_by_key ON group_member_values (key, value, run);
    """
}
