package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"
)

// cli is the command line: one struct is flags, environment, configuration file, help and validation.
type cli struct {
	Store  storeFlags      `embed:""`
	Secret secretFlags     `embed:""`
	Config kong.ConfigFlag `placeholder:"FILE" help:"Read flags from a YAML file: a key for each flag, without the dashes."`

	Serve        serveCommand        `cmd:"" help:"Run the service."`
	Eval         evalCommand         `cmd:"" help:"Evaluate a template for one contact, or for many."`
	Dryrun       dryrunCommand       `cmd:"" help:"Evaluate a template for many contacts, send nothing, and tell what would come out."`
	Check        checkCommand        `cmd:"" help:"Find what is wrong with templates, without evaluating them."`
	Test         testCommand         `cmd:"" help:"Run test cases for templates."`
	Vars         varsCommand         `cmd:"" help:"List the variables, or document one."`
	Functions    functionsCommand    `cmd:"" help:"List the functions, or document one."`
	Migrate      migrateCommand      `cmd:"" help:"Rewrite a legacy template into the current language."`
	MigrateStore migrateStoreCommand `cmd:"" help:"Bring the schema of PostgreSQL up to date."`
	Reference    referenceCommand    `cmd:"" hidden:"" help:"Write the generated pages of the reference."`
	Contact      contactCommand      `cmd:"" help:"Show and change contacts and their connections."`
	Settings     settingsCommand     `cmd:"" help:"Show or change the workspace's settings."`
	Import       importCommand       `cmd:"" help:"Import contacts from JSON lines, CSV, RapidPro or goflow."`
	Export       exportCommand       `cmd:"" help:"Export contacts as JSON lines or CSV."`
	Bench        benchCommand        `cmd:"" help:"Measure evaluation: in this process, with the store, and over HTTP."`
	Completion   completionCommand   `cmd:"" help:"Print the script that makes a shell complete flowexpr's commands."`
	Man          manCommand          `cmd:"" help:"Print the manual page: flowexpr man | man -l -"`
	Token        tokenCommand        `cmd:"" help:"Make, list and revoke the tokens of a service."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
}

const description = `flowexpr evaluates flow templates for contacts: "Hi @contact.first_name, we will write to @contact.urn".

Contacts are kept in the embedded store unless --postgres, --redis or --url chooses another place. Every flag can also be set by an environment variable (FLOWEXPR_DATA for --data) and in a configuration file.`

// execute parses the arguments and runs the command they name.
func execute(ctx context.Context, args []string, io streams) error {
	var c cli
	exited := false
	parser, err := newParser(&c, io, kong.Exit(func(int) { exited = true }))
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited { // help was printed
		return nil
	}
	if err != nil {
		return usageError{fmt.Errorf("%w; see flowexpr --help", err)}
	}
	if err := c.Secret.apply(&c.Store); err != nil {
		return err
	}
	if err := c.Store.check(); err != nil {
		return err
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run(io, &c.Store)
}

// newParser gives the parser of the command line, which also knows all that help, completion and the manual page show.
func newParser(c *cli, io streams, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append([]kong.Option{
		kong.Name("flowexpr"),
		kong.Description(description),
		kong.DefaultEnvars("FLOWEXPR"),
		kong.Configuration(yamlConfiguration),
		kong.Vars{"data_folder": defaultDataFolder()},
		kong.Writers(io.out, io.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	}, more...)...)
}

// defaultDataFolder is the user's data folder for the embedded store.
func defaultDataFolder() string {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "flowexpr")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "flowexpr-data"
	}
	return filepath.Join(home, ".local", "share", "flowexpr")
}
