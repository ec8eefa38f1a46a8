using System.CommandLine;
using OrleansCache.Cli.Commands;

namespace OrleansCache.Cli.Prompt;

/// <summary>Says what the word before the cursor may become: a command, an option, or a name of the running cluster.</summary>
internal sealed class Completer(Command root, IKnownNames names)
{
    private const int MostKeys = 200;

    public async Task<Completion> CompleteAsync(string line, int cursor, CancellationToken cancellation)
    {
        var words = line[..cursor].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = line[..cursor].LastIndexOf(' ') + 1;
        var word = line[start..cursor];
        var place = Walk(word.Length == 0 ? words : words[..^1]);
        if (place.Option is { } option)
            return Pick(start, word, await ValuesAsync(option.HelpName ?? "", place, word, cancellation).ConfigureAwait(false));
        if (word.StartsWith('-'))
            return Pick(start, word, OptionsOf(place.Command).Select(candidate => candidate.Name));
        if (place.Command.Subcommands.Count > 0)
            return Pick(start, word, place.Command.Subcommands.Select(command => command.Name));
        if (place.Argument is not { } argument)
            return new(start, []);
        if (argument.Name == Names.Key)
            return await KeysAsync(start, word, cancellation).ConfigureAwait(false);
        return Pick(start, word, await ValuesAsync(argument.Name, place, word, cancellation).ConfigureAwait(false));
    }

    private static Completion Pick(int start, string word, IEnumerable<string> candidates) =>
        new(start, [.. candidates.Where(candidate => candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Distinct().Order(StringComparer.Ordinal)]);

    private async Task<Completion> KeysAsync(int start, string word, CancellationToken cancellation)
    {
        var keys = await names.KeysAsync(word, MostKeys, cancellation).ConfigureAwait(false);
        // Who types a key without its prefix gets it completed with it.
        if (keys.Count == 0 && !word.Contains(':'))
            keys = await names.KeysAsync($"book::{word}", MostKeys, cancellation).ConfigureAwait(false);
        return new(start, keys, MayHaveMore: keys.Count == MostKeys);
    }

    private async Task<IEnumerable<string>> ValuesAsync(string kind, Place place, string word, CancellationToken cancellation) => kind switch
    {
        Names.Region => names.Regions,
        Names.Node => place.Values.Count > 0 ? await names.NodesAsync(place.Values[0], cancellation).ConfigureAwait(false) : [],
        Names.File => Files(word),
        Names.Command => root.Subcommands.Select(command => command.Name),
        _ => kind.Contains('|') ? kind.Split('|') : [],
    };

    private static IEnumerable<string> Files(string word)
    {
        var slash = word.LastIndexOf('/') + 1;
        var folder = slash == 0 ? "." : word[..slash];
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(entry => word[..slash] + entry.Name + (entry is DirectoryInfo ? "/" : ""))
            : [];
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(inherited);
    }

    /// <summary>Follows the finished words to where the next one belongs.</summary>
    private Place Walk(IEnumerable<string> words)
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

    private sealed record Place(Command Command, Option? Option, IReadOnlyList<string> Values)
    {
        /// <summary>The argument that the next word is for; the last one may take any number of them.</summary>
        public Argument? Argument =>
            Values.Count < Command.Arguments.Count ? Command.Arguments[Values.Count]
            : Command.Arguments.LastOrDefault() is { Arity.MaximumNumberOfValues: > 1 } last ? last
            : null;
    }
}
