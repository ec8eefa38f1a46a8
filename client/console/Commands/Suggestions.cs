using System.CommandLine;

namespace OrleansCache.Cli.Commands;

/// <summary>What may have been meant by a word that is not a command.</summary>
internal static class Suggestions
{
    private const int FarthestSlip = 3;

    /// <summary>A question that names the nearest command, or what there is when none is near.</summary>
    public static string For(string typed, Command parent)
    {
        var names = parent.Subcommands.SelectMany(command => command.Aliases.Prepend(command.Name)).ToArray();
        return Nearest(typed, names) is { } near ? $"Did you mean {near}?" : $"The commands are {string.Join(", ", names)}.";
    }

    /// <summary>The name that is few slips away, if there is one.</summary>
    public static string? Nearest(string typed, IEnumerable<string> names) => names
        .Select(name => (Name: name, Slips: Distance(typed, name)))
        .Where(candidate => candidate.Slips <= Math.Min(FarthestSlip, candidate.Name.Length / 2))
        .OrderBy(candidate => candidate.Slips)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>How many letters must be added, removed, changed or swapped with their neighbour to make one word of the other.</summary>
    internal static int Distance(string from, string to)
    {
        var slips = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }

                var change = slips[i - 1, j - 1] + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                slips[i, j] = Math.Min(change, Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
            }
        }

        return slips[from.Length, to.Length];
    }
}
