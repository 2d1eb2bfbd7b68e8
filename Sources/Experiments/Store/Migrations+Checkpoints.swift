extension Migrations {
  static let createCheckpoints = """
    -- Bytes of tensors by their SHA-256: equal tensors are one row, whichever runs and steps they belong to.
    CREATE TABLE blobs (
      number INTEGER PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
      element_size INTEGER NOT NULL,
      chunk_bytes INTEGER NOT NULL,
      raw_bytes INTEGER NOT NULL,
      stored_bytes INTEGER NOT NULL
    ) STRICT;

    -- Each chunk: raw bytes of whole elements, byte-shuffled, then one zlib stream.
    CREATE TABLE blob_chunks (
      blob INTEGER NOT NULL REFERENCES blobs (number) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (blob, position)
    ) STRICT;

    CREATE TABLE checkpoints (
      number INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      created REAL NOT NULL,
      score REAL,
      is_best INTEGER NOT NULL DEFAULT 0,
      state INTEGER NOT NULL REFERENCES blobs (number),
      UNIQUE (run, step)
    ) STRICT;
    CREATE INDEX checkpoints_by_state ON checkpoints (state);

    CREATE TABLE tensors (
      checkpoint INTEGER NOT NULL REFERENCES checkpoints (number) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      element_type TEXT NOT NULL,
      element_size INTEGER NOT NULL,
      shape TEXT NOT NULL CHECK (json_valid(shape)),
      blob INTEGER NOT NULL REFERENCES blobs (number),
      PRIMARY KEY (checkpoint, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tensors_by_blob ON tensors (blob);
    """

  static let createTrialsFindingsPlans = """
    -- The trials of a search: arguments are JSON, path → value; the owner is the process at work on it.
    CREATE TABLE trials (
      number INTEGER PRIMARY KEY,
      search TEXT NOT NULL,
      position INTEGER NOT NULL,
      run INTEGER REFERENCES runs (number) ON DELETE SET NULL,
      status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'completed', 'failed', 'pruned')),
      arguments TEXT NOT NULL CHECK (json_valid(arguments)),
      score REAL,
      created REAL NOT NULL,
      finished REAL,
      owner_host TEXT,
      owner_boot TEXT,
      owner_process INTEGER,
      owner_start INTEGER,
      UNIQUE (search, position)
    ) STRICT;
    CREATE INDEX trials_by_run ON trials (run);

    -- What the doctor saw: figures are JSON.
    CREATE TABLE findings (
      number INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      created REAL NOT NULL,
      check_name TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'warn', 'fail')),
      layer TEXT,
      message TEXT NOT NULL,
      remedy TEXT,
      figures TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(figures))
    ) STRICT;
    CREATE INDEX findings_by_run ON findings (run, step);

    -- The algorithm that was fastest for a shape on a machine.
    CREATE TABLE plans (
      backend TEXT NOT NULL,
      machine TEXT NOT NULL,
      threads INTEGER NOT NULL,
      operation TEXT NOT NULL,
      shape TEXT NOT NULL,
      choice TEXT NOT NULL,
      seconds REAL NOT NULL,
      created REAL NOT NULL,
      PRIMARY KEY (backend, machine, threads, operation, shape)
    ) STRICT, WITHOUT ROWID;
    """

  static let letPlansBeByRule = """
    -- The algorithm that runs use for a shape on a machine; seconds is NULL where it was chosen by rule.
    CREATE TABLE plans_by_any_means (
      backend TEXT NOT NULL,
      machine TEXT NOT NULL,
      threads INTEGER NOT NULL,
      operation TEXT NOT NULL,
      shape TEXT NOT NULL,
      choice TEXT NOT NULL,
      seconds REAL,
      created REAL NOT NULL,
      PRIMARY KEY (backend, machine, threads, operation, shape)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO plans_by_any_means
    SELECT backend, machine, threads, operation, shape, choice, seconds, created FROM plans;
    DROP TABLE plans;
    ALTER TABLE plans_by_any_means RENAME TO plans;
    """
}
