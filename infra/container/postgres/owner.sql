-- Run once by the image of PostgreSQL, when its volume is empty, by the superuser: makes the role the product connects
-- as, and its database. The role owns the database and nothing else: it is no superuser, makes no roles and no
-- databases. No extension, collation or language is wanted beyond what every database of PostgreSQL has.
\getenv password POSTGRES_PASSWORD
\if :{?owner}
\else
\set owner jiumai
\endif
\if :{?database}
\else
\set database jiumai
\endif

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
-- The path of a connection nobody has set yet names no brand.
ALTER ROLE :"owner" SET search_path = public;
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
-- Without a password nobody comes in over the network as superuser: only from within this container. On a server that
-- is not this image's: --set keep_password=yes
\if :{?keep_password}
\else
SELECT format('ALTER ROLE %I PASSWORD NULL', current_user) \gexec
\endif
