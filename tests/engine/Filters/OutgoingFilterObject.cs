namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A filter that the configuration makes.</summary>
public sealed class OutgoingFilterObject(FilterScript script) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context) => script.PlayAsync(FilterNames.Outgoing[1], context);
}
