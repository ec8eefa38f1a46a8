using System.Reflection;
using System.Reflection.Emit;

namespace OrleansCache.Engine.References;

/// <summary>Compiles the class that stands for an interface: each of its methods packs its arguments and calls <see cref="GrainProxy.Call"/>.</summary>
internal static class ProxyEmitter
{
    private static readonly MethodInfo CallMethod = typeof(GrainProxy).GetMethod(nameof(GrainProxy.Call), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;
    private static readonly ConstructorInfo BaseConstructor = typeof(GrainProxy).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, [typeof(ReferenceShared), typeof(GrainId)])!;

    public static Func<ReferenceShared, GrainId, GrainProxy> Emit(Type interfaceType, IReadOnlyList<MethodContract> methods)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"OrleansCache.Engine.Proxies.{interfaceType.Name}"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Proxies");
        GrantAccess(assembly, module, interfaceType, methods);
        var type = module.DefineType($"{interfaceType.Name}Proxy", TypeAttributes.Class | TypeAttributes.Sealed, typeof(GrainProxy), [interfaceType]);

        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(ReferenceShared), typeof(GrainId)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, BaseConstructor);
        il.Emit(OpCodes.Ret);

        for (var i = 0; i < methods.Count; i++) EmitMethod(type, methods[i], i);

        var made = type.CreateType();
        var create = new DynamicMethod("Create", typeof(GrainProxy), [typeof(ReferenceShared), typeof(GrainId)], typeof(ProxyEmitter).Module, skipVisibility: true);
        il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, made.GetConstructors()[0]);
        il.Emit(OpCodes.Ret);
        return create.CreateDelegate<Func<ReferenceShared, GrainId, GrainProxy>>();
    }

    private static void EmitMethod(TypeBuilder type, MethodContract contract, int index)
    {
        var method = contract.Method;
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        var made = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot, method.ReturnType, parameters);
        var il = made.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);

        for (var i = 0; i < parameters.Length; i++)
        {
            if (i != contract.TokenIndex) il.Emit(OpCodes.Ldarg, i + 1);
        }

        // The arguments lie on the stack in order; the list is built from its end.
        il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(None)));
        for (var list = new Stack<Type>(Lists(contract.ListType)); list.TryPop(out var part);)
        {
            il.Emit(OpCodes.Newobj, part.GetConstructor(part.GetGenericArguments())!);
        }

        if (contract.TokenIndex >= 0) il.Emit(OpCodes.Ldarg, contract.TokenIndex + 1);
        else il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(CancellationToken)));
        il.Emit(OpCodes.Call, CallMethod.MakeGenericMethod(contract.ListType, contract.ResultType));

        if (method.ReturnType == typeof(void)) il.Emit(OpCodes.Pop);
        else if (method.ReturnType == typeof(ValueTask)) il.Emit(OpCodes.Newobj, typeof(ValueTask).GetConstructor([typeof(Task)])!);
        else if (method.ReturnType.IsValueType) il.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([typeof(Task<>).MakeGenericType(contract.ResultType)])!);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(made, method);
    }

    private static IEnumerable<Type> Lists(Type list)
    {
        for (; list != typeof(None); list = list.GetGenericArguments()[1]) yield return list;
    }

    /// <summary>Lets the compiled class use this assembly's internals and grain interfaces that are not public.</summary>
    private static void GrantAccess(AssemblyBuilder assembly, ModuleBuilder module, Type interfaceType, IEnumerable<MethodContract> methods)
    {
        var attribute = module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Class | TypeAttributes.Public, typeof(Attribute));
        var constructor = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
        var made = attribute.CreateType().GetConstructors()[0];
        var types = methods.SelectMany(method => method.ArgumentTypes.Append(method.ResultType)).SelectMany(WithArguments).Append(interfaceType).Append(typeof(GrainProxy)).Concat(interfaceType.GetInterfaces());
        foreach (var name in types.Select(type => type.Assembly.GetName().Name!).Distinct())
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(made, [name]));
        }
    }

    private static IEnumerable<Type> WithArguments(Type type) =>
        (type.HasElementType ? WithArguments(type.GetElementType()!) : type.GetGenericArguments().SelectMany(WithArguments)).Append(type);
}
