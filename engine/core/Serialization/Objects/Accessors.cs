using System.Reflection;
using System.Reflection.Emit;

namespace OrleansCache.Engine.Serialization;

/// <summary>Reads a member of an owner.</summary>
internal delegate TMember? Getter<TOwner, TMember>(ref TOwner owner);

/// <summary>Sets a member of an owner; of a struct in place.</summary>
internal delegate void Setter<TOwner, TMember>(ref TOwner owner, TMember? value);

/// <summary>Compiles access to members, whatever their visibility, init-only and read-only ones too.</summary>
internal static class Accessors
{
    public static Getter<TOwner, TMember> Get<TOwner, TMember>(MemberInfo member)
    {
        var (method, il) = Begin<TOwner>($"get_{member.Name}", typeof(TMember), []);
        if (member is FieldInfo field)
            il.Emit(OpCodes.Ldfld, field);
        else
            il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)member).GetGetMethod(nonPublic: true)!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Getter<TOwner, TMember>>();
    }

    public static Setter<TOwner, TMember> Set<TOwner, TMember>(MemberInfo member)
    {
        var (method, il) = Begin<TOwner>($"set_{member.Name}", typeof(void), [typeof(TMember)]);
        il.Emit(OpCodes.Ldarg_1);
        if (member is FieldInfo field)
            il.Emit(OpCodes.Stfld, field);
        else
            il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)member).GetSetMethod(nonPublic: true)!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Setter<TOwner, TMember>>();
    }

    /// <summary>The public constructor without parameters; null when there is none.</summary>
    public static Func<T>? Constructor<T>()
    {
        if (typeof(T).GetConstructor(Type.EmptyTypes) is not { } constructor)
            return null;
        var method = new DynamicMethod("new", typeof(T), [], typeof(Accessors).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<T>>();
    }

    private static (DynamicMethod Method, ILGenerator Code) Begin<TOwner>(string name, Type result, Type[] more)
    {
        var method = new DynamicMethod(name, result, [typeof(TOwner).MakeByRefType(), .. more], typeof(Accessors).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        if (!typeof(TOwner).IsValueType)
            il.Emit(OpCodes.Ldind_Ref);
        return (method, il);
    }
}
