using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace OrleansCache.Http;

/// <summary>The group of an endpoint, whose requests have a limit together.</summary>
internal enum LoadGroup
{
    /// <summary>Lookups.</summary>
    Lookups,

    /// <summary>Edits.</summary>
    Edits,

    /// <summary>Requests of operators.</summary>
    Operations,
}

/// <summary>
/// Limits the requests of each <see cref="LoadGroup"/> in flight. What comes above is answered 503 at once: a queue would only add to the
/// load, and its requests would be answered when nobody waits for them any more.
/// </summary>
internal sealed class LoadLimits(HttpOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _lookups = LimiterOf(options.MaxLookups);
    private readonly ConcurrencyLimiter _edits = LimiterOf(options.MaxEdits);
    private readonly ConcurrencyLimiter _operations = LimiterOf(options.MaxOperations);

    /// <summary>Passes a request on if there is room for it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Limit>() is not { } limit)
            return next(context);
        var limiter = limit.Group switch
        {
            LoadGroup.Lookups => _lookups,
            LoadGroup.Edits => _edits,
            _ => _operations,
        };
        var lease = limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            return ProblemAnswers.WriteAsync(
                context,
                Problems.Of(503, "overload", $"As many {NameOf(limit.Group)} are in flight as the server takes; try again in a second."));
        }

        Task answered;
        try
        {
            answered = next(context);
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        if (!answered.IsCompletedSuccessfully)
            return AwaitAsync(answered, lease);
        lease.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _lookups.Dispose();
        _edits.Dispose();
        _operations.Dispose();
    }

    private static async Task AwaitAsync(Task answered, RateLimitLease lease)
    {
        using (lease)
            await answered.ConfigureAwait(false);
    }

    private static string NameOf(LoadGroup group) => group switch
    {
        LoadGroup.Lookups => "lookups",
        LoadGroup.Edits => "edits",
        _ => "requests of operators",
    };

    private static ConcurrencyLimiter LimiterOf(int permits) => new(new() { PermitLimit = permits, QueueLimit = 0 });

    /// <summary>Says, as metadata of an endpoint, which group it is in.</summary>
    internal sealed record Limit(LoadGroup Group);
}
