-- A harvest can be requested before a worker has read its corpus.
ALTER TABLE "corpus" ALTER COLUMN "hash" DROP NOT NULL, ALTER COLUMN "documents" DROP NOT NULL;
