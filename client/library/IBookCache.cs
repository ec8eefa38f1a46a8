namespace OrleansCache.Client;

/// <summary>
/// The cache as an application sees it. It asks the reader's own region first, then that region's fallbacks, each for a
/// short while and all of them within one deadline. Safe for concurrent use.
/// </summary>
public interface IBookCache
{
    /// <summary>Looks a book up.</summary>
    /// <param name="key">The book's key, such as <c>book::1984</c>; see <see cref="BookKey"/>.</param>
    /// <param name="options">What is asked of this lookup; null for the defaults.</param>
    /// <param name="cancellation">Gives the lookup up.</param>
    /// <returns>The book, or an answer that says that there is none of that key.</returns>
    /// <exception cref="InvalidBookKeyException">The key cannot be one.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="LookupFailedException">Nothing answered, or only with flags that were refused; the message names each attempt.</exception>
    /// <exception cref="LookupRefusedException">More lookups of this client are under way than can be answered in time; this one was sent nowhere.</exception>
    ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default);
}
