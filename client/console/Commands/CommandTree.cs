using System.CommandLine;
using OrleansCache.Cli.Startup;

namespace OrleansCache.Cli.Commands;

/// <summary>All commands and their options.</summary>
internal sealed class CommandTree
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document.", Recursive = true };

    private readonly Option<bool> _version = new("--version") { Description = "Say which version this is." };

    private readonly StartOptions _start;

    /// <summary>Makes the tree, for a call of the program or, without the options that a start has, for its prompt.</summary>
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
            new RingCommand(),
            new NodeCommand(),
            new ImportCommand(),
            new StatsCommand(),
            new DemoCommand(),
        };
        // The library's own --version stands alone, and would refuse --json beside it.
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

        // Without an action of its own the root would call "no command" an error.
        Root.SetAction(_ => ExitCode.Done);
    }

    public RootCommand Root { get; }

    /// <summary>Where the console keeps what is its own.</summary>
    public static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orleanscache");

    public ParseResult Parse(IReadOnlyList<string> words) => Root.Parse(words, Parsing);

    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is not null && parsed.GetValue(_json);

    /// <summary>Whether the program's version is asked for.</summary>
    public bool AsksVersion(ParseResult parsed) => parsed.GetResult(_version) is not null && parsed.GetValue(_version);

    /// <summary>How the program is started with a word that is an option of its start; null when it is none.</summary>
    public string? StartWith(string word) => _start.All.Any(option => option.Name == word) ? $"{_start.RunCommand} {word}" : null;
}
