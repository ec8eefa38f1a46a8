using OrleansCache.Engine.Filters;

namespace Orleans.Serialization.Invocation;

/// <summary>How a call ended.</summary>
public abstract class Response
{
    /// <summary>The call of a method without a result has ended well.</summary>
    public static Response Completed { get; } = new CompletedResponse();

    /// <summary>The result; when the call failed, getting it throws what the call threw.</summary>
    public abstract object? Result { get; set; }

    /// <summary>What the call threw; null when it ended well.</summary>
    public abstract Exception? Exception { get; set; }

    /// <summary>The call failed.</summary>
    /// <param name="exception">What it threw.</param>
    public static Response FromException(Exception exception) => new FailedResponse(exception);

    /// <summary>The call has a result.</summary>
    /// <typeparam name="TResult">The result's type.</typeparam>
    /// <param name="value">The result.</param>
    public static Response FromResult<TResult>(TResult value) => new ResultResponse<TResult>(value);

    /// <summary>The result; when the call failed, this throws what the call threw.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    public abstract T GetResult<T>();

    /// <inheritdoc/>
    public override string ToString() => Exception?.ToString() ?? Result?.ToString() ?? "[null]";
}
