-- +goose Up

-- A contact. The record is the truth; the columns behind the digest are copies for people and programs that read with SQL.
create table contacts (
    workspace    text        not null collate "C",
    uuid         uuid        not null,
    version      bigint      not null check (version > 0),
    record       bytea       not null,
    digest       bytea       not null, -- of the record, so that no writer replaces one that was damaged
    name         text        not null,
    language     text        not null,
    status       text        not null,
    created_on   timestamptz,
    last_seen_on timestamptz,
    fields       jsonb       not null, -- texts by key
    modified_on  timestamptz not null default now(),
    primary key (workspace, uuid)
);

-- Who has a URN. The primary key is the promise that nobody else does.
create table connections (
    workspace    text     not null collate "C",
    identity     text     not null collate "C", -- scheme:path
    uuid         uuid     not null,
    position     smallint not null, -- 1 = highest priority
    display      text     not null,
    last_used_on timestamptz,
    channel      text     not null, -- UUID of the channel it was last used on, or empty
    primary key (workspace, identity),
    foreign key (workspace, uuid) references contacts on delete cascade
);
create index connections_contact on connections (workspace, uuid);

-- Who is in a group: a row for its name and one for its UUID, in lower case.
create table memberships (
    workspace text not null collate "C",
    label     text not null collate "C",
    uuid      uuid not null,
    primary key (workspace, label, uuid),
    foreign key (workspace, uuid) references contacts on delete cascade
);
create index memberships_contact on memberships (workspace, uuid);

-- The settings of a workspace, its channels among them, as they were put.
create table settings (
    workspace text   not null collate "C" primary key,
    version   bigint not null check (version > 0),
    data      bytea  not null
);

-- put_contact stores one record over the version before its own. It answers 'stored', 'stale', 'damaged', or 'taken'
-- with the URN that another contact has; all but the first have changed nothing. Where two writers meet in the same
-- moment the primary keys decide: the later one fails with unique_violation and is to be repeated.
-- +goose StatementBegin
create function put_contact(
    in_workspace text, in_uuid uuid, in_version bigint, in_record bytea,
    in_name text, in_language text, in_status text, in_created_on timestamptz, in_last_seen_on timestamptz, in_fields jsonb,
    in_identities text[], in_displays text[], in_last_used_on timestamptz[], in_channels text[],
    in_labels text[],
    out answer text, out urn text
) language plpgsql as $$
declare
    before contacts;
begin
    select * into before from contacts where workspace = in_workspace and uuid = in_uuid for update;
    if coalesce(before.version, 0) <> in_version - 1 then
        answer := 'stale';
        return;
    end if;
    if before.digest <> sha256(before.record) then
        answer := 'damaged';
        return;
    end if;
    -- Each URN is looked up by the primary key; "identity = any (…)" has a plan, as long as the tables are new, that reads
    -- all URNs of the workspace.
    select n.identity into urn from unnest(in_identities) with ordinality n (identity, position),
        lateral (select c.uuid from connections c where c.workspace = in_workspace and c.identity = n.identity limit 1) owner
        where owner.uuid <> in_uuid
        order by n.position limit 1;
    if found then
        answer := 'taken';
        return;
    end if;

    if in_version = 1 then
        insert into contacts (workspace, uuid, version, record, digest, name, language, status, created_on, last_seen_on, fields)
            values (in_workspace, in_uuid, in_version, in_record, sha256(in_record),
                in_name, in_language, in_status, in_created_on, in_last_seen_on, in_fields);
    else
        update contacts set version = in_version, record = in_record, digest = sha256(in_record), name = in_name, language = in_language,
            status = in_status, created_on = in_created_on, last_seen_on = in_last_seen_on, fields = in_fields, modified_on = now()
            where workspace = in_workspace and uuid = in_uuid;
        delete from connections c where workspace = in_workspace and uuid = in_uuid and not exists (
            select from unnest(in_identities, in_displays, in_last_used_on, in_channels) with ordinality n (identity, display, last_used_on, channel, position)
            where n.identity = c.identity
                and (n.position, n.display, n.last_used_on, n.channel) is not distinct from (c.position, c.display, c.last_used_on, c.channel));
        delete from memberships where workspace = in_workspace and uuid = in_uuid and label <> all (in_labels);
    end if;
    insert into connections (workspace, identity, uuid, position, display, last_used_on, channel)
        select in_workspace, n.identity, in_uuid, n.position, n.display, n.last_used_on, n.channel
        from unnest(in_identities, in_displays, in_last_used_on, in_channels) with ordinality n (identity, display, last_used_on, channel, position)
        where in_version = 1 or not exists (
            select from connections c where c.workspace = in_workspace and c.identity = n.identity and c.uuid = in_uuid)
        order by n.identity; -- one order for all writers, so that they seldom wait for each other in a circle
    insert into memberships (workspace, label, uuid)
        select in_workspace, n.label, in_uuid from unnest(in_labels) n (label)
        where in_version = 1 or not exists (
            select from memberships m where m.workspace = in_workspace and m.label = n.label and m.uuid = in_uuid);
    answer := 'stored';
end
$$;
-- +goose StatementEnd
