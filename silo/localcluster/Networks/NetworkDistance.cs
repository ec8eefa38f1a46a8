using System.Globalization;

namespace OrleansCache.LocalClusters;

/// <summary>The round trip between two hosts of a <see cref="DistantNetwork"/>.</summary>
/// <param name="One">A host.</param>
/// <param name="Other">Another one.</param>
/// <param name="RoundTrip">How long a packet takes there and back.</param>
public sealed record NetworkDistance(string One, string Other, TimeSpan RoundTrip)
{
    private const double MostMilliseconds = 10_000;

    /// <summary>Parses distances such as <c>europe-asia=160,europe-northamerica=90</c>, in milliseconds.</summary>
    /// <param name="text">The distances.</param>
    /// <param name="hosts">The names of all hosts.</param>
    /// <exception cref="FormatException">A distance is none; the message names it and gives a valid one.</exception>
    public static IReadOnlyList<NetworkDistance> Parse(string text, IReadOnlyList<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(hosts);
        var distances = new List<NetworkDistance>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (link, length) = word.Split('=') is [var before, var after] ? (before, after) : (word, "");
            // A name may contain hyphens, so the word is compared with every pair of names.
            var pair = hosts.SelectMany(_ => hosts, (one, other) => (One: one, Other: other))
                .FirstOrDefault(pair => pair.One != pair.Other && $"{pair.One}-{pair.Other}" == link);
            if (pair.One is null)
                throw Wrong(word, $"does not name two of {string.Join(", ", hosts)}", hosts);
            if (!double.TryParse(length, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds is not (>= 0 and <= MostMilliseconds))
                throw Wrong(word, "has no round trip from 0 to 10,000 ms", hosts);
            if (distances.Any(known => known.Joins(pair.One, pair.Other)))
                throw Wrong(word, "is a distance that was given before", hosts);
            distances.Add(new(pair.One, pair.Other, TimeSpan.FromMilliseconds(milliseconds)));
        }

        return distances;
    }

    /// <summary>Whether it is the distance of these two hosts.</summary>
    internal bool Joins(string one, string other) => (One == one && Other == other) || (One == other && Other == one);

    private static FormatException Wrong(string word, string why, IReadOnlyList<string> hosts) =>
        new($"\"{word}\" {why}; give distances as {hosts[0]}-{hosts[1]}=160, in milliseconds and separated by commas.");
}
