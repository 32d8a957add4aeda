-- +goose Up

-- Which database this is, so that copies of its contacts elsewhere are not taken for those of another one.
create table identity (
    only_row boolean primary key default true check (only_row),
    id       uuid    not null default md5(random()::text || clock_timestamp()::text || current_database())::uuid
);
insert into identity default values;

-- Whoever listens on flowexpr_contacts is told of each contact that was written or removed, when that is committed: the
-- UUID, 36 characters, and the workspace. An empty message says that all contacts were removed. Writers whose sessions
-- set flowexpr.notify to off tell nobody: PostgreSQL commits transactions that tell one after another.
-- +goose StatementBegin
create function tell_of_contact() returns trigger language plpgsql as $$
begin
    if current_setting('flowexpr.notify', true) is distinct from 'off' then
        if tg_op = 'TRUNCATE' then
            perform pg_notify('flowexpr_contacts', '');
        elsif tg_op = 'DELETE' then
            perform pg_notify('flowexpr_contacts', old.uuid || old.workspace);
        else
            perform pg_notify('flowexpr_contacts', new.uuid || new.workspace);
        end if;
    end if;
    return null;
end
$$;
-- +goose StatementEnd
create trigger tell_of_contact after insert or update or delete on contacts for each row execute function tell_of_contact();
create trigger tell_of_all after truncate on contacts for each statement execute function tell_of_contact();
