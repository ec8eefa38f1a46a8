using System.CommandLine;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary>All commands and their options.</summary>
internal sealed class CommandTree
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document.", Recursive = true };

    private readonly Option<bool> _version = new("--version") { Description = "Print the program's version." };

    private readonly StartOptions _start;

    /// <summary>Makes the tree for the program's command line, or, without the start options, for its prompt.</summary>
    public CommandTree(StartOptions start, bool interactive)
    {
        _start = start;
        Root = new RootCommand(start.Description)
        {
            new LookupCommand(),
            new PutCommand(),
            new RemoveCommand(),
            new WatchCommand(),
            new PurgeCommand(),
            new RegionsCommand(),
            new DistanceCommand(),
            new RingCommand(),
            new NodeCommand(),
            new ImportCommand(),
            new ExportCommand(),
            new StatsCommand(),
            new DemoCommand(),
        };
        // The library's own --version does not allow --json beside it.
        Root.Options.Remove(Root.Options.OfType<VersionOption>().Single());
        Root.Add(_version);
        Root.Add(_json);
        Root.Add(new HelpCommand(this));
        if (interactive)
        {
            Root.Add(new ExitCommand());
        }
        else
        {
            foreach (var option in start.All)
                Root.Add(option);
        }

        // Without an action, the parser reports an error when no command is given.
        Root.SetAction(_ => ConsoleExitCode.Done);
    }

    public RootCommand Root { get; }

    /// <summary>The user's folder for the console's history and the default catalog.</summary>
    public static string DataFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "orleanscache");

    public ParseResult Parse(IReadOnlyList<string> words) => Root.Parse(words, Parsing);

    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is not null && parsed.GetValue(_json);

    /// <summary>Whether --version is given.</summary>
    public bool AsksVersion(ParseResult parsed) => parsed.GetResult(_version) is not null && parsed.GetValue(_version);

    /// <summary>How to start the program with a start option; null if the word is none.</summary>
    public string? StartWith(string word) => _start.All.Any(option => option.Name == word) ? $"{_start.RunCommand} {word}" : null;
}
