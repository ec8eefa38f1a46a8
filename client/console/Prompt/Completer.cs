using System.CommandLine;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Prompt;

/// <summary>Completes the word before the cursor: a command, an option, or a name of the running cluster.</summary>
internal sealed class Completer(Command root, IKnownNames names)
{
    private const int MostKeys = 200;

    public async Task<Completion> CompleteAsync(string line, int cursor, CancellationToken cancellation)
    {
        var words = line[..cursor].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = line[..cursor].LastIndexOf(' ') + 1;
        var word = line[start..cursor];
        var position = Walk(word.Length == 0 ? words : words[..^1]);
        if (position.Option is { } option)
            return Pick(start, word, await ValuesAsync(option.HelpName ?? "", position, word, cancellation).ConfigureAwait(false));
        if (word.StartsWith('-'))
            return Pick(start, word, OptionsOf(position.Command).Select(candidate => candidate.Name));
        if (position.Command.Subcommands.Count > 0)
            return Pick(start, word, position.Command.Subcommands.Select(command => command.Name));
        if (position.Argument is not { } argument)
            return new(start, []);
        if (argument.Name == Names.Key)
            return await KeysAsync(start, word, cancellation).ConfigureAwait(false);
        return Pick(start, word, await ValuesAsync(argument.Name, position, word, cancellation).ConfigureAwait(false));
    }

    private static Completion Pick(int start, string word, IEnumerable<string> candidates) =>
        new(start,
        [
            .. candidates.Where(candidate => candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ]);

    private async Task<Completion> KeysAsync(int start, string word, CancellationToken cancellation)
    {
        var keys = await names.KeysAsync(word, MostKeys, cancellation).ConfigureAwait(false);
        // A key that was typed without its prefix is completed with it.
        if (keys.Count == 0 && !word.Contains(':'))
            keys = await names.KeysAsync($"book::{word}", MostKeys, cancellation).ConfigureAwait(false);
        return new(start, keys, MayHaveMore: keys.Count == MostKeys);
    }

    private async Task<IEnumerable<string>> ValuesAsync(string kind, Position position, string word, CancellationToken cancellation) =>
        kind switch
        {
            Names.Region => names.Regions,
            Names.Node when position.Values is [var region, ..] => await names.NodesAsync(region, cancellation).ConfigureAwait(false),
            Names.File => Files(word),
            Names.Command => root.Subcommands.Select(command => command.Name),
            _ => kind.Contains('|') ? kind.Split('|') : [],
        };

    private static IEnumerable<string> Files(string word)
    {
        var slash = word.LastIndexOf('/') + 1;
        var folder = slash == 0 ? "." : word[..slash];
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Select(entry => word[..slash] + entry.Name + (entry is DirectoryInfo ? "/" : ""))
            : [];
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(inherited);
    }

    /// <summary>Follows the finished words to the command, option or argument that the next word belongs to.</summary>
    private Position Walk(IEnumerable<string> words)
    {
        var command = (Command)root;
        Option? pending = null;
        var values = new List<string>();
        foreach (var word in words)
        {
            if (pending is not null)
                pending = null;
            else if (OptionsOf(command).FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word)) is { } option)
                pending = option.HelpName is null ? null : option;
            else if (command.Subcommands.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word)) is { } sub)
                command = sub;
            else
                values.Add(word);
        }

        return new(command, pending, values);
    }

    private sealed record Position(Command Command, Option? Option, IReadOnlyList<string> Values)
    {
        /// <summary>The argument that the next word belongs to; the last argument may take any number of words.</summary>
        public Argument? Argument =>
            Values.Count < Command.Arguments.Count ? Command.Arguments[Values.Count]
            : Command.Arguments.LastOrDefault() is { Arity.MaximumNumberOfValues: > 1 } last ? last
            : null;
    }
}

/// <summary>The completions of a word.</summary>
/// <param name="Start">The index in the line at which the word begins.</param>
/// <param name="Candidates">The completed words.</param>
/// <param name="MayHaveMore">Whether there may be more than are listed.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates, bool MayHaveMore = false)
{
    /// <summary>The longest common prefix of the candidates.</summary>
    public string CommonPrefix()
    {
        if (Candidates.Count == 0)
            return "";
        var length = Candidates[0].Length;
        foreach (var candidate in Candidates)
        {
            length = Math.Min(length, candidate.Length);
            while (!candidate.AsSpan(0, length).SequenceEqual(Candidates[0].AsSpan(0, length)))
                length--;
        }

        return Candidates[0][..length];
    }
}

/// <summary>Names of a running cluster, for completion.</summary>
internal interface IKnownNames
{
    IReadOnlyList<string> Regions { get; }

    /// <summary>The nodes of a region.</summary>
    Task<IReadOnlyList<string>> NodesAsync(string region, CancellationToken cancellation);

    /// <summary>Keys that begin with a prefix, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation);
}

/// <summary>The names of the session's cluster. A cluster that cannot be reached has none, since completion must not fail.</summary>
internal sealed class SessionNames(ISessionSource sessions) : IKnownNames
{
    public IReadOnlyList<string> Regions => sessions.Current is { } session ? session.Regions.Names : [];

    public async Task<IReadOnlyList<string>> NodesAsync(string region, CancellationToken cancellation)
    {
        try
        {
            return sessions.Current is { } session
                ? [.. (await session.Operations.GetRingAsync(region, cancellation).ConfigureAwait(false)).Nodes.Select(node => node.Name)]
                : [];
        }
        catch (CacheException)
        {
            return [];
        }
    }

    public async Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation)
    {
        try
        {
            return sessions.Current is { } session ? await session.KeysAsync(prefix, limit, cancellation).ConfigureAwait(false) : [];
        }
        catch (CacheException)
        {
            return [];
        }
    }
}
