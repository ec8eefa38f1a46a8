using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A call as filters see it, and what becomes of it.</summary>
public interface IGrainCallContext
{
    /// <summary>The method and its arguments. Read it before the call goes on: Orleans uses it again once the call has been made.</summary>
    IInvokable Request { get; }

    /// <summary>Who is called: for an incoming call the grain or observer itself, for an outgoing one the reference to it.</summary>
    object Grain { get; }

    /// <summary>The identity of who is called.</summary>
    GrainId TargetId { get; }

    /// <summary>The full name of the interface that declares the method.</summary>
    string InterfaceName { get; }

    /// <summary>The method's name.</summary>
    string MethodName { get; }

    /// <summary>The method as the interface declares it.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The result; there is one when the call has been invoked, or a filter has set it.</summary>
    object? Result { get; set; }

    /// <summary>How the call ended; null before that.</summary>
    Response? Response { get; set; }

    /// <summary>Goes on to the next filter, or after the last one to the call itself. What the call throws is thrown here.</summary>
    Task Invoke();
}
