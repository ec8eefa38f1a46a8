using Orleans.Serialization.Invocation;

namespace OrleansCache.Engine.Filters;

internal sealed class ResultResponse<TResult>(TResult value) : Response
{
    private TResult _value = value;

    public override object? Result
    {
        get => _value;
        set => _value = (TResult)value!;
    }

    public override Exception? Exception
    {
        get => null;
        set => throw new InvalidOperationException("A call that ended well has no exception. Throw it, or set the context's response.");
    }

    public override T GetResult<T>() => _value is T typed ? typed : (T)(object?)_value!;
}
