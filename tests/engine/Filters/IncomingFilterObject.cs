namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A filter that the configuration makes.</summary>
public sealed class IncomingFilterObject(FilterScript script) : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context) => script.PlayAsync(FilterNames.Incoming[1], context);
}
