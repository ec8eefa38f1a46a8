using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A method and the arguments that it is called with.</summary>
public interface IInvokable
{
    /// <summary>Whether the method takes a cancellation token.</summary>
    bool IsCancellable => false;

    /// <summary>The number of arguments, a cancellation token included.</summary>
    int GetArgumentCount();

    /// <summary>An argument.</summary>
    /// <param name="index">Its place among the method's parameters.</param>
    object? GetArgument(int index);

    /// <summary>The method's name.</summary>
    string GetMethodName();

    /// <summary>The full name of the interface that declares the method.</summary>
    string GetInterfaceName();

    /// <summary>The method as the interface declares it.</summary>
    MethodInfo GetMethod();

    /// <summary>The interface that declares the method.</summary>
    Type GetInterfaceType();

    /// <summary>How long callers of this method wait, where that differs from the messaging options.</summary>
    TimeSpan? GetDefaultResponseTimeout() => default;

    /// <summary>The call's cancellation token. Where the call is run, it is cancelled when the caller cancels.</summary>
    CancellationToken GetCancellationToken() => default;
}
