using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Bench.Rest;

/// <summary>Counts the calls that silos send.</summary>
internal sealed class CallCounter : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, long> _byMethod = new();
    private long _all;

    public void AddTo(IServiceCollection services) => services.AddSingleton<IOutgoingGrainCallFilter>(this);

    /// <summary>All calls so far; what is described begins again.</summary>
    public long Reset()
    {
        _byMethod.Clear();
        return Interlocked.Read(ref _all);
    }

    /// <summary>The calls per second since the last reset, by method.</summary>
    public string Describe(double seconds) => string.Join(", ", _byMethod.OrderByDescending(count => count.Value)
        .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value / seconds:N2}/s")));

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        Interlocked.Increment(ref _all);
        _byMethod.AddOrUpdate($"{context.InterfaceName.Split('.')[^1]}.{context.MethodName}", 1, static (_, count) => count + 1);
        return context.Invoke();
    }
}
