using Orleans.Serialization.Invocation;

namespace OrleansCache.Engine.Filters;

internal sealed class CompletedResponse : Response
{
    public override object? Result
    {
        get => null;
        set => throw new InvalidOperationException("All calls without a result share this response. Set the context's result instead.");
    }

    public override Exception? Exception
    {
        get => null;
        set => throw new InvalidOperationException("All calls without a result share this response. Throw the exception, or set the context's response.");
    }

    public override T GetResult<T>() => default!;
}
