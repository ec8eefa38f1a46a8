using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <inheritdoc cref="IBookCache"/>
internal sealed class BookCache(IBookGrains grains, RegionMap regions, RegionTrusts trusts, IOptions<BookCacheOptions> settings, TimeProvider time) : IBookCache, IDisposable
{
    private readonly LookupPlaces _places = new(settings.Value, time);

    public async ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default)
    {
        BookKey.Validate(key);
        cancellation.ThrowIfCancellationRequested();
        var asked = options ?? GetOptions.Default;
        var order = regions.OrderFrom(asked.Region ?? regions.PickFor(key));
        var plan = AttemptPlan.For(key, order, grains.SilosOf);
        var lookup = new Lookup(key, plan, new(asked.Fresh, asked.RefuseFlagged), settings.Value, grains, trusts, time);
        await _places.EnterAsync(key, cancellation).ConfigureAwait(false);
        try
        {
            return await lookup.RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _places.Leave();
        }
    }

    public void Dispose() => _places.Dispose();
}
