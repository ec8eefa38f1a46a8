using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary>After a miss: which key was probably meant, if there is a book under it.</summary>
internal static class KeyHint
{
    /// <summary>Says which book there is under a key that is like a given one; null if there is none.</summary>
    public static async Task<string?> ForAsync(IBookCache cache, string key, GetOptions options, CancellationToken cancellation)
    {
        var likely = Likely(BookKey.Of(key)).ToArray();
        if (likely.Length == 0)
            return null;
        try
        {
            var meant = await cache.GetManyAsync(likely, options with { Fresh = false }, cancellation).ConfigureAwait(false);
            return meant.FirstOrDefault(result => result.Found) is not { } found ? null
                : key.Contains(BookKey.Prefix, StringComparison.OrdinalIgnoreCase) ? $"There is a book {found.Key}."
                : $"There is a book {found.Key}: keys begin with \"{BookKey.Prefix}\".";
        }
        catch (CacheException)
        {
            // The miss is the answer; without a hint it is still right.
            return null;
        }
    }

    /// <summary>Keys that people mean when they give this one.</summary>
    public static IEnumerable<string> Likely(string key)
    {
        var hasPrefix = key.StartsWith(BookKey.Prefix, StringComparison.Ordinal);
        var name = hasPrefix ? key[BookKey.Prefix.Length..] : key;
        return new[]
        {
            name,
            name.ToLowerInvariant(),
            // As spreadsheets leave them; what has so few digits may as well be another number, so only a hint comes of it.
            Isbn.Mend(name) ?? name,
        }.Select(TryKey).OfType<string>().Where(likely => likely != key).Distinct();
    }

    private static string? TryKey(string name)
    {
        try
        {
            return BookKey.OfName(name);
        }
        catch (InvalidKeyException)
        {
            return null;
        }
    }
}
