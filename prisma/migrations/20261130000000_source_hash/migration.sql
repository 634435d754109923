-- A job keeps a hash of the code that computes it, a worker the hashes of its code by kind of job: a worker with other
-- code leaves the job to one with the same. Jobs that were queued before have no hash, and any worker takes them.
ALTER TABLE "job" ADD COLUMN "source_hash" TEXT;
ALTER TABLE "worker" ADD COLUMN "sources" JSONB NOT NULL DEFAULT '{}';
