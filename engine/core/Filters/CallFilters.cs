using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Engine.Filters;

/// <summary>The filters of a host. They are made after the host, as they may ask for services that it has itself.</summary>
internal sealed class CallFilters(IServiceProvider services, bool grainsFilter)
{
    private IIncomingGrainCallFilter[]? _incoming;
    private IOutgoingGrainCallFilter[]? _outgoing;

    public IIncomingGrainCallFilter[] Incoming => _incoming ?? Make(ref _incoming);

    public IOutgoingGrainCallFilter[] Outgoing => _outgoing ?? Make(ref _outgoing);

    /// <summary>Makes the filters, so that those that cannot be made fail now rather than at the first call.</summary>
    public void Prepare() => _ = (Incoming, Outgoing);

    /// <summary>Whether calls of a grain or observer have something to go through.</summary>
    public bool Concern(object target) => Incoming.Length > 0 || (grainsFilter && target is IIncomingGrainCallFilter);

    private TFilter[] Make<TFilter>(ref TFilter[]? filters)
        where TFilter : class => LazyInitializer.EnsureInitialized(ref filters, () => [.. services.GetServices<TFilter>()]);
}
