namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A filter made by the host, with services of the host.</summary>
public sealed class OutgoingFilter(FilterScript script) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context) => script.PlayAsync(FilterNames.Outgoing[0], context);
}
