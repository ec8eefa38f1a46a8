using System.CommandLine;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Startup;

/// <summary>The options that only a start of the program has: they say on which cluster the commands work.</summary>
internal abstract class StartOptions
{
    /// <summary>The first word that stands for a cluster in this process.</summary>
    public const string LocalWord = "local";

    /// <summary>The first word that stands for a running cluster; it may be left out.</summary>
    public const string RunningWord = "client";

    /// <summary>How <c>./run</c> is told to start the program like this.</summary>
    public abstract string RunCommand { get; }

    /// <summary>What the program does when it is started like this.</summary>
    public abstract string Description { get; }

    /// <summary>The options, for the root command.</summary>
    public abstract IReadOnlyList<Option> All { get; }

    /// <summary>Takes the word that says which cluster is meant from the front of the arguments.</summary>
    public static StartOptions Take(ref IReadOnlyList<string> args)
    {
        StartOptions start = args is [LocalWord, ..] ? new LocalStart() : new RunningStart();
        if (args is [LocalWord or RunningWord, ..])
            args = [.. args.Skip(1)];
        return start;
    }

    /// <summary>The kind of start that has an option of this name; null when none has.</summary>
    public static StartOptions? OwnerOf(string option) =>
        new StartOptions[] { new LocalStart(), new RunningStart() }.FirstOrDefault(start => start.All.Any(known => known.Name == option));

    /// <summary>The session that was asked for; nothing is started yet.</summary>
    public abstract ISessionSource Open(ParseResult parsed);
}
